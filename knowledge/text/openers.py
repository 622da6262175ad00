"""Words that open a message or a clause, and say nothing of what it is about.

Alternatives of regular expressions, in lower case. Who reads a message adds what else may open one there: a flow that is
left is opened by more words than a question.
"""

FALTERING = r"so|well|oh|hm+|um+"
"""Said while thinking."""
GOING_ON = r"and|but|so|or|also|then"
"""What goes on from what was said before, in English."""
GOING_ON_ZH = r"那么?|还有(?![货现库])|另外|然后"
"""The same in Chinese; 还有货吗 asks what is in stock."""
THEN_ZH = r"(?:那么?)?"
"""那 or 那么, which may stand before nearly any question that goes on."""
WHAT_ABOUT = r"(?:what|how) about\b"
"""Names another thing, to ask the same of it, or to ask something else."""
ADDING = r"also|by the way|btw|additionally|secondly|separately"
"""Announces that something else comes, in English."""
ADDING_ZH = r"对了|另外|还有|顺便"
"""The same in Chinese."""
AND_ZH = r"以及|还有|那|另外"
"""What a second Chinese question of a sentence begins with after its comma."""
