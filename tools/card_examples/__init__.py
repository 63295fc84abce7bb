"""Examples for the cards of requirements whose rule looks at several answers, from the evidence of healthy runs."""
