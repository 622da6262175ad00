"""Chinese characters, as every reader of text tells them."""

import re

HAN = re.compile(r"[\u3400-\u9fff]")
