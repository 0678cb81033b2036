"""Answers for which conversation a mail belongs to, from its header alone (RFC 5322 3.6.4); pure."""

from __future__ import annotations

from syncagent.model import Mail


def thread_key(mail: Mail) -> str:
    """The Message-ID of the conversation's first mail as far as this one knows: the same for all that keep References.

    The first of References, else of In-Reply-To, else the mail's own Message-ID; without brackets and white space,
    letter case as it is. Empty when the mail has none of them.
    """
    for message_id in (*mail.references[:1], *mail.in_reply_to[:1], mail.message_id):
        key = "".join(message_id.split()).strip("<>")
        if key:
            return key
    return ""
