"""Statuses with which something other than the API may have answered."""

# what gateways, load balancers and CDNs say for a server that is away: RFC 9110, section 15, and 520 to 530 of Cloudflare
GATEWAY_STATUSES = frozenset({408, 502, 503, 504, *range(520, 528), 530})
# answers to who asks, or how often, before a server looks at the request itself
TO_THE_CALLER = frozenset({401, 402, 403, 407})
TOO_MANY_REQUESTS = 429
ELSEWHERE = TO_THE_CALLER | {TOO_MANY_REQUESTS} | GATEWAY_STATUSES
# from here on, a server says that it failed itself
INTERNAL = 500
