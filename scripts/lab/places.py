# SPDX-License-Identifier: Apache-2.0
"""Addresses and names. The wire carries TEST-NET addresses only; rewrite.py puts the published ones (London,
eu-west-2) in afterwards."""

GATEWAY = "198.51.100.57"          # DCV gateways
GATEWAY_2 = "198.51.100.58"
GATEWAY_3 = "198.51.100.59"
PCOIP = "198.51.100.40"            # PCoIP gateways
PCOIP_2 = "198.51.100.9"
PCOIP_3 = "198.51.100.77"
HEALTH = ("198.51.100.54", "198.51.100.44", "198.51.100.102", "198.51.100.36")
AGA = "198.51.100.25"              # Global Accelerator
PRIVATE = "198.51.100.180"         # a VPC endpoint's address
BROKER, METRICS, CLIENTS = "198.51.100.114", "198.51.100.21", "198.51.100.90"
SINKHOLE = "198.51.100.250"
UNPUBLISHED = "198.51.100.230"     # stays as it is: no published range holds it
WEB = "203.0.113.80"               # nothing to do with WorkSpaces
GATEWAY_6 = "2001:db8:d02c::57"
PCOIP_6 = "2001:db8:d032::40"

CLIENT_BASE = 11                   # the first client's last byte
PROXY, RESOLVER, RESOLVER_2 = "192.0.2.150", "192.0.2.153", "192.0.2.154"
NAT_ADDRESS = "203.0.113.2"

REWRITE_4 = {
    GATEWAY: "18.134.68.57", GATEWAY_2: "18.134.69.112", GATEWAY_3: "18.134.70.33",
    PCOIP: "18.132.22.40", PCOIP_2: "18.132.21.9", PCOIP_3: "35.176.32.77",
    HEALTH[0]: "35.176.62.54", HEALTH[1]: "35.177.255.44", HEALTH[2]: "52.56.46.102", HEALTH[3]: "52.56.111.36",
    AGA: "93.77.140.25", PRIVATE: "10.20.64.18", SINKHOLE: "10.66.66.66",
    BROKER: "52.94.48.114", METRICS: "52.94.54.21", CLIENTS: "35.177.38.90",
    "192.0.2.129": "10.20.31.1", "192.0.2.130": "10.20.31.2", "192.0.2.145": "10.20.0.1",
    PROXY: "10.20.0.80", RESOLVER: "10.20.0.53", RESOLVER_2: "10.20.0.54",
    **{f"192.0.2.{n}": f"10.20.30.{n}" for n in range(1, 128)},
}
REWRITE_6 = {"2001:db8:d02c::/48": "2a05:d02c:8::/48", "2001:db8:d032::/48": "2a05:d032:c000::/48"}

ZONE = "prod.eu-west-2.highlander.aws.a2z.com"
GATEWAY_NAME = f"3f1c9a52-7be0-4d0e-9c41-5a0d9e6b7f10-01.{ZONE}"
LOGIN = (("ws-broker-service.eu-west-2.amazonaws.com", BROKER),
         ("skylight-client-ds.eu-west-2.amazonaws.com", METRICS),
         ("clients.amazonworkspaces.com", CLIENTS))
HEALTH_NAME = "drp-lhr.amazonworkspaces.com"
PRIVATE_NAME = "vpce-0a1b2c3d4e5f60718-9x8y7z6w.prod.eu-west-2.vpce.amazonaws.com"
WEB_NAME = "www.example.com"


def gateway_name(number):
    return f"{0x3F1C9A52 + number * 0x01030507:08x}-7be0-4d0e-9c41-5a0d9e6b7f10-01.{ZONE}"


def default_zone():
    zone = {name: {"A": [address]} for name, address in LOGIN}
    zone[GATEWAY_NAME] = {"A": [GATEWAY]}
    zone[HEALTH_NAME] = {"A": list(HEALTH)}
    zone[PRIVATE_NAME] = {"A": [PRIVATE]}
    zone[WEB_NAME] = {"A": [WEB]}
    return zone
