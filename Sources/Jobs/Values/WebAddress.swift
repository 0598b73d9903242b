/// Addresses of the web as people copy them from a browser, written as they have to stand in a request (RFC 3986).
enum WebAddress {
    /// The address with its scheme and host in lower case, and with each visible letter beyond ASCII percent-encoded; nil when it is no
    /// address with an authority, has white space, quotes or something invisible, or a host in other letters than ASCII's.
    ///
    /// Such a host would need IDNA's tables (RFC 5891) to become the one that a browser asks. ``hasForeignHost(_:)`` tells that case.
    static func normalised(_ text: String) -> String? {
        guard let parts = Parts(text), isASCII(parts.authority), let rest = encoded(parts.rest) else { return nil }
        let user = parts.authority.lastIndex(of: "@").map { parts.authority[...$0] } ?? ""
        return "\(lowercased(parts.scheme))://\(user)\(lowercased(parts.authority.dropFirst(user.count)))\(rest)"
    }

    /// Whether it is an address whose host is not written in ASCII.
    static func hasForeignHost(_ text: String) -> Bool { Parts(text).map { !isASCII($0.authority) } ?? false }

    /// The address of a picture: https of at most ``RequestLimits/imageURLCharacters``, or a picture in itself (RFC 2397); nil for others.
    static func image(_ text: String) -> String? {
        let data = "data:image/"
        if lowercased(text.prefix(data.utf8.count)).hasSameBytes(as: data) {
            return text.utf8.allSatisfy(isPlain) ? data + text.dropFirst(data.utf8.count) : nil
        }
        guard let address = normalised(text), address.hasPrefix("https://"), address.utf8.count <= RequestLimits.imageURLCharacters
        else { return nil }
        return address
    }

    private struct Parts {
        let scheme: Substring
        let authority: Substring
        let rest: Substring

        init?(_ text: String) {
            let scalars = text.unicodeScalars
            guard let colon = scalars.firstIndex(of: ":"), text[colon...].utf8.starts(with: "://".utf8), colon > text.startIndex else {
                return nil
            }
            let start = scalars.index(colon, offsetBy: 3)
            let end = scalars[start...].firstIndex { "/?#".unicodeScalars.contains($0) } ?? scalars.endIndex
            guard start < end else { return nil }
            scheme = text[..<colon]
            authority = text[start..<end]
            rest = text[end...]
        }
    }

    private static func encoded(_ text: Substring) -> String? {
        var encoded = ""
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                guard isPlain(UInt8(scalar.value)) else { return nil }
                encoded.unicodeScalars.append(scalar)
            } else {
                // The replacement character stands for bytes that were no text, and which they were is not known any more.
                guard scalar.isVisible, scalar != "\u{FFFD}" else { return nil }
                for byte in String(scalar).utf8 { encoded += "%" + String(byte, radix: 16, uppercase: true) }
            }
        }
        return encoded
    }

    private static func isASCII(_ text: Substring) -> Bool { text.utf8.allSatisfy(isPlain) }

    /// Visible ASCII but quotes and `<`.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "<")
    }

    /// In lower case, as far as the letters are ASCII's.
    private static func lowercased(_ text: some StringProtocol) -> String {
        String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
