/// Percent-encoding of a path (RFC 3986, section 2.1).
enum PercentEncoding {
    /// Encodes every byte that may not stand in a path as it is; `/` stays.
    static func path(_ decoded: String) -> String {
        var encoded: [UInt8] = []
        for byte in decoded.utf8 {
            if isPathCharacter(byte) {
                encoded.append(byte)
            } else {
                let digits = Array("0123456789ABCDEF".utf8)
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// `pchar` of RFC 3986, section 3.3, and the slash.
    private static func isPathCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._~!$&'()*+,;=:@/".utf8.contains(byte)
        }
    }
}
