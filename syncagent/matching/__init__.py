"""Who a participant is: pure judgement over an index of the people that the CRM hands in."""
