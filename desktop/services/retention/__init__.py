"""What has passed its period of keeping (保存期限): proposed with the reason, and cleared only by a person."""

from desktop.services.retention.rules import Rule, RuleKind, load_rules
from desktop.services.retention.service import Proposal, RetentionService

__all__ = ["Proposal", "RetentionService", "Rule", "RuleKind", "load_rules"]
