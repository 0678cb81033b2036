"""What a message or an event says: pure judgement over ``model.py``, without knowing the people in it."""
