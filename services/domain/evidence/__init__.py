"""Evidence about an account, its findings, and the verdict on them."""
