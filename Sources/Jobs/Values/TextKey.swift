/// A text as a key of a dictionary or a member of a set: equal to another one when their bytes are.
///
/// Swift's own `==` takes texts for equal that differ in their bytes: `é` may be one code point or two, and the Kelvin sign is a `K`. A
/// name, a key or an address that decides something is compared by its bytes, as SQLite and every web server do it.
public struct TextKey: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The text itself.
    public let text: String

    /// A key.
    public init(_ text: String) {
        self.text = text
    }

    /// A key.
    public init(stringLiteral text: String) {
        self.init(text)
    }

    /// Whether the bytes are the same.
    public static func == (left: TextKey, right: TextKey) -> Bool { left.text.hasSameBytes(as: right.text) }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension StringProtocol {
    /// Whether two texts are the same in UTF-8, byte by byte; see ``TextKey``.
    public func hasSameBytes(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Sequence where Element: StringProtocol {
    /// Whether one of the texts is `text`, byte by byte.
    public func containsBytes(of text: some StringProtocol) -> Bool { contains { $0.hasSameBytes(as: text) } }
}
