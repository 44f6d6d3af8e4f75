"""One CIDR: a version, a first address and a prefix length."""

from __future__ import annotations

from typing import NamedTuple

from ipplan.cidrs.spellings import BITS, REFUSED, fields, refusal, text_of


class Cidr(NamedTuple):
    """A CIDR: its IP version, its first address and its prefix length.

    CIDRs sort by version, then first address, then largest first, so that every CIDR
    follows those that cover it. :meth:`parse` checks what it reads; the constructor
    takes what it gets.

    >>> Cidr.parse("10.0.0.0/16")
    Cidr(version=4, first=167772160, length=16)
    """

    version: int
    first: int
    length: int

    @classmethod
    def parse(cls, text: object, argument: str = "network") -> Cidr:
        """Read a CIDR strictly.

        Parameters
        ----------
        text : str
            An IPv4 address of four decimal octets or an IPv6 address as in RFC 4291,
            a slash, and a decimal prefix length.
        argument : str
            What an error calls it.

        Raises
        ------
        ArgumentError
            For host bits, bare addresses, netmasks, leading zeros in octets or in the
            prefix length, missing octets, zones, blanks and all other text. Where only
            one CIDR can be meant, the error names it.

        Examples
        --------
        >>> str(Cidr.parse("2001:DB8:0:0::/32"))
        '2001:db8::/32'
        >>> Cidr.parse("10.0.0.4/16", "--pod-cidr")
        Traceback (most recent call last):
        ...
        ipplan.errors.ArgumentError: --pod-cidr '10.0.0.4/16': no host bits: did you \
mean 10.0.0.0/16?
        """
        try:
            return cls(*fields(text))
        except REFUSED:
            raise refusal(text, argument) from None

    @property
    def bits(self) -> int:
        """Bits of an address: 32 or 128. [bits]."""
        return BITS[self.version]

    @property
    def size(self) -> int:
        """Addresses that the CIDR has, none of them reserved. [addresses]."""
        return 1 << self.bits - self.length

    @property
    def last(self) -> int:
        """The last address, as a whole number."""
        return self.first + self.size - 1

    def covers(self, other: Cidr) -> bool:
        """Whether every address of another CIDR is in this one.

        >>> Cidr.parse("10.0.0.0/8").covers(Cidr.parse("10.1.0.0/16"))
        True
        """
        return (
            self.version == other.version
            and self.length <= other.length
            and not (self.first ^ other.first) >> self.bits - self.length
        )

    def overlaps(self, other: Cidr) -> bool:
        """Whether two CIDRs share an address: that one covers the other.

        >>> Cidr.parse("10.1.0.0/16").overlaps(Cidr.parse("10.0.0.0/8"))
        True
        """
        return self.covers(other) or other.covers(self)

    def __str__(self) -> str:
        """Canonical text: IPv6 in lower case, its longest run of zeros left out.

        IPv4 addresses within IPv6 stay hexadecimal, ``::ffff:a00:0/104``, as with
        ``ipaddress`` before Python 3.13.
        """
        return text_of(*self)
