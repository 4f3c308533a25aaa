"""The boolean search language: text in, a tree out, and the plain meaning of the tree. Knows no engine."""

from domain.query.fields import fields_of
from domain.query.match import matches
from domain.query.meaning import conditions_of, spoken
from domain.query.parse import parse_query
from domain.query.tree import And, Everything, FieldIs, Near, Node, Not, Or, Phrase, Prefix, Stream, Term, wanted_words
from domain.text.highlight import highlight

__all__ = [
    "And", "Everything", "FieldIs", "Near", "Node", "Not", "Or", "Phrase", "Prefix", "Stream", "Term",
    "conditions_of", "fields_of", "highlight", "matches", "parse_query", "spoken", "wanted_words",
]  # fmt: skip
