"""The drafting room: a new contract folder, from an OpenAPI document or from nothing."""

from batchproof.drafting.draft import Draft, drafted
from batchproof.drafting.folder import new_folder, skeleton, texts_of, write

__all__ = ["Draft", "drafted", "new_folder", "skeleton", "texts_of", "write"]
