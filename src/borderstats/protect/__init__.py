"""Disclosure control: tables of counts to protected tables, and the audit that attacks them."""
