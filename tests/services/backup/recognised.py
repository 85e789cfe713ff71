"""What the store of these tests holds: an attachment and words to recognise it by."""

PLAIN = "向日葵的会议记录".encode() * 2_000
WORDS = ["向日葵", "云河县站"]
