extension String {
    /// The text that has these bytes; nil if they are no UTF-8. ASCII, which is nearly all, takes a tenth of the instructions of `validating`.
    init?(utf8 bytes: UnsafeRawBufferPointer) {
        guard bytes.allSatisfy({ $0 < 0x80 }) else {
            self.init(validating: bytes, as: UTF8.self)
            return
        }
        self.init(unsafeUninitializedCapacity: bytes.count) { buffer in
            UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
            return bytes.count
        }
    }
}

/// Percent-encoding (RFC 3986, section 2.1).
enum EncodedBytes {
    /// A path: every byte that may not stand in one as it is is encoded; `/` stays.
    static func path(_ decoded: [UInt8]) -> String { encode(decoded) { !isPathCharacter($0) } }

    /// A request target as it came, but for bytes that are not UTF-8: then all beyond ASCII are encoded.
    static func target(_ bytes: UnsafeRawBufferPointer) -> String {
        String(utf8: bytes) ?? encode(bytes) { $0 >= 0x80 }
    }

    /// A name that can be any bytes: as it came, where it is UTF-8 and has no `%`; else with these, and all bytes beyond ASCII where they are
    /// not UTF-8, encoded. So two names that differ never become one.
    static func name(_ bytes: UnsafeRawBufferPointer) -> String {
        let isText = String(utf8: bytes) != nil
        return encode(bytes) { $0 == UInt8(ascii: "%") || !isText && $0 >= 0x80 }
    }

    private static func encode(_ bytes: some Collection<UInt8>, where isEncoded: (UInt8) -> Bool) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let encoded = bytes.flatMap { byte in
            isEncoded(byte) ? [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]] : [byte]
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
