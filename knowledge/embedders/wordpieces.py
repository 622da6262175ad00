"""Tokenizers of BERTs (WordPiece, Schuster and Nakajima 2012), of which those with the same vocabulary share it.

MiniLM and the cross-encoder were made of the same BERT: 30,522 pieces, 9 MB each time that they are loaded.
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_shared: dict[str, "Tokenizer"] = {}


def tokenizer(file: Path, most: int) -> "Tokenizer":
    """Of a `tokenizer.json`: cuts texts into at most so many tokens, of two texts the longer one first; nothing is padded."""
    from tokenizers import Tokenizer

    whole = _read(file)
    found = Tokenizer(whole.model)
    found.normalizer, found.pre_tokenizer = whole.normalizer, whole.pre_tokenizer
    found.post_processor, found.decoder = whole.post_processor, whole.decoder
    found.add_special_tokens([token for _, token in sorted(whole.get_added_tokens_decoder().items())])
    found.enable_truncation(most)
    return found


@cache
def _read(file: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    content: dict[str, Any] = json.loads(file.read_bytes()) | {"truncation": None, "padding": None}
    alike = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    if alike not in _shared:
        _shared[alike] = Tokenizer.from_str(json.dumps(content))
    return _shared[alike]
