"""The phases a routine belongs to, in the order of the way, as people read them."""

PHASES = [
    ("", "hele ordningen"),
    ("referred", "henvist"),
    ("interviewed", "intervjuet"),
    ("admitted", "tatt opp"),
    ("onboarding", "oppstart"),
    ("placed", "utplassert"),
    ("contract_applied", "kontrakt søkt"),
    ("training", "opplæring"),
    ("trade_test", "fagprøve"),
    ("on_leave", "permisjon"),
    ("completed", "fullført"),
    ("terminated", "avbrutt"),
]
PHASE_NAMES = dict(PHASES)
