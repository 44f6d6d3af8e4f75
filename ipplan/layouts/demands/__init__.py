"""How large every subnet of a plan must be: rows, claims, and what adds up to them."""
