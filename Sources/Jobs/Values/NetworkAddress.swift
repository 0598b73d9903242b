import Glibc

/// An address of the Internet protocol: 4 bytes, or 16.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// In the order of the network.
    public let bytes: [UInt8]

    /// Reads `192.0.2.1` or `2001:db8::1`; nil for anything else.
    public init?(_ text: String) {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 {
                self.bytes = bytes
                return
            }
        }
        return nil
    }

    /// Reads an address as web servers name a client (`REMOTE_ADDR`): perhaps in brackets, perhaps with a zone, which is cut because it
    /// names an interface of this machine and not the client.
    public init?(remote text: String) {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let bare = isBracketed ? text.dropFirst().dropLast() : text[...]
        self.init(String(bare.prefix { $0 != "%" }))
    }

    /// The address that these 4 or 16 bytes are.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The address as it is written.
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether it is this machine: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// Whether it can be a host of the public Internet.
    ///
    /// Of IPv4 everything but the special blocks (IANA's special-purpose registry) and what lies above 224.0.0.0. Of IPv6 only 2000::/3
    /// but for its special blocks: what carries an IPv4 address inside, as ::ffff:0:0/96 and 64:ff9b::/96 do, is not public at all.
    public var isPublic: Bool {
        if bytes.count == 4 { return !Self.special.contains { $0.contains(self) } }
        return Self.globalUnicast.contains(self) && !Self.specialGlobalUnicast.contains { $0.contains(self) }
    }

    /// Who has the address, as far as an address tells: what one household or one host has to itself.
    ///
    /// | address | holder |
    /// |---|---|
    /// | IPv4 | the address |
    /// | one that carries an IPv4 address (``carriedIPv4``) | that address |
    /// | IPv6 | its /64 |
    /// | link-local (fe80::/10), the host itself (::1), an unknown translation (64:ff9b:1::/48) | the address: its /64 is everybody's |
    public var holder: String {
        guard bytes.count == 16 else { return description }
        if let carried = carriedIPv4 { return carried.description }
        guard !Self.sharedNetworks.contains(where: { $0.contains(self) }) else { return description }
        return NetworkAddress(bytes: bytes.prefix(8) + [UInt8](repeating: 0, count: 8)).description + "/64"
    }

    /// The IPv4 address that an IPv6 address stands for; nil when it stands for itself.
    ///
    /// | block | whose | where |
    /// |---|---|---|
    /// | ::ffff:0:0/96, ::ffff:0:0:0/96, ::/96 | mapped (RFC 4291), translated (RFC 2765), compatible (RFC 4291; but for ::1) | the last 32 bits |
    /// | 64:ff9b::/96, 64:ff9b:1::/48 | NAT64 (RFC 6052; RFC 8215, where an address is there) | the last 32 bits |
    /// | 2002::/16 | 6to4 (RFC 3056): a holder of an IPv4 address has all of that /48 | bits 16 to 47 |
    /// | 2001::/32 | Teredo (RFC 4380): a /64 is all clients of one server | the last 32 bits, inverted |
    public var carriedIPv4: NetworkAddress? {
        guard bytes.count == 16 else { return nil }
        let last = Array(bytes.suffix(4))
        if Self.translated.contains(where: { $0.contains(self) }) { return NetworkAddress(bytes: last) }
        if Self.perhapsTranslated.contains(where: { $0.contains(self) }) { return last[0] == 0 ? nil : NetworkAddress(bytes: last) }
        if Self.sixToFour.contains(self) { return NetworkAddress(bytes: Array(bytes[2..<6])) }
        if Self.teredo.contains(self) { return NetworkAddress(bytes: last.map { ~$0 }) }
        return nil
    }

    private static let translated = ["::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96"].map(Block.init)
    /// Those where an address that begins with 0 is none: the host itself, and addresses that are translated in another way.
    private static let perhapsTranslated = ["::/96", "64:ff9b:1::/48"].map(Block.init)
    private static let sixToFour = Block("2002::/16")
    private static let teredo = Block("2001::/32")
    private static let sharedNetworks = ["::/64", "fe80::/10", "64:ff9b:1::/48"].map(Block.init)

    private static let special = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
    ].map(Block.init)
    private static let globalUnicast = Block("2000::/3")
    private static let specialGlobalUnicast = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map(Block.init)

    /// All addresses that begin alike.
    private struct Block {
        let start: NetworkAddress
        let length: Int

        init(_ text: String) {
            let parts = text.split(separator: "/")
            start = NetworkAddress(String(parts[0]))!
            length = Int(parts[1])!
        }

        func contains(_ address: NetworkAddress) -> Bool {
            (0..<length).allSatisfy { bit in
                let mask = UInt8(0x80) >> (bit % 8)
                return start.bytes[bit / 8] & mask == address.bytes[bit / 8] & mask
            }
        }
    }
}
