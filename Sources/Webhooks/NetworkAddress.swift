import Glibc

/// An address of the Internet protocol: 4 bytes, or 16.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// In the order of the network.
    let bytes: [UInt8]

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

    init(bytes: [UInt8]) {
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
