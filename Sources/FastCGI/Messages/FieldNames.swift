import Glibc
import HTTPTypes

/// Names of header fields as CGI spells them: in capitals, with underscores (RFC 3875, section 4.1.18).
enum FieldNames {
    /// The name that is spelled `bytes` without its `HTTP_`; nil for what is no field name.
    static func name(spelled bytes: UnsafeRawBufferPointer) -> HTTPField.Name? {
        for index in known.indices where bytes.equals(known[index].spelling) { return known[index].name }
        // A colon would make it one of HTTP/2's pseudo-header fields, which no request may bring here.
        guard bytes.first != UInt8(ascii: ":") else { return nil }
        let lowercase = String(unsafeUninitializedCapacity: bytes.count) { buffer in
            for (index, byte) in bytes.enumerated() {
                buffer[index] =
                    switch byte {
                    case UInt8(ascii: "_"): UInt8(ascii: "-")
                    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
                    default: byte
                    }
            }
            return bytes.count
        }
        return HTTPField.Name(parsed: lowercase)
    }

    /// Those that nearly every request brings, so that they need not be made each time.
    private static let known: [(spelling: StaticString, name: HTTPField.Name)] = [
        ("ACCEPT", name("accept")), ("USER_AGENT", name("user-agent")), ("X_REQUEST_ID", RequestID.field),
        ("IF_NONE_MATCH", name("if-none-match")), ("ACCEPT_LANGUAGE", name("accept-language")),
        ("ACCEPT_ENCODING", name("accept-encoding")), ("REFERER", name("referer")), ("COOKIE", name("cookie")),
        ("CONNECTION", name("connection")), ("SEC_FETCH_SITE", name("sec-fetch-site")), ("SEC_FETCH_MODE", name("sec-fetch-mode")),
        ("SEC_FETCH_DEST", name("sec-fetch-dest")), ("X_FORWARDED_FOR", name("x-forwarded-for")),
    ]

    private static func name(_ text: String) -> HTTPField.Name { HTTPField.Name(parsed: text)! }
}

extension UnsafeRawBufferPointer {
    /// Whether these are the bytes of `text`.
    func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount, let baseAddress else { return false }
        return memcmp(baseAddress, text.utf8Start, count) == 0
    }
}
