import CCrypto

/// A key for HMAC with SHA-256 (RFC 2104). Printing it, or anything that holds it, prints "(hidden)".
public struct HMACKey: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let bytes: [UInt8]

    /// A key of these bytes.
    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// The message's authentication code, 32 bytes.
    public func code(of message: some Sequence<UInt8>) -> [UInt8] {
        let message = Array(message)
        var code = [UInt8](repeating: 0, count: SHA256.byteCount)
        guard HMAC(EVP_sha256(), bytes, Int32(bytes.count), message, message.count, &code, nil) != nil else {
            fatalError("no HMAC in libcrypto")
        }
        return code
    }

    /// Tells whether `code` is the message's code. Takes a time that does not depend on the code.
    public func isCode(_ code: [UInt8], of message: some Sequence<UInt8>) -> Bool {
        areEqual(code, self.code(of: message))
    }

    /// Compares in a time that does not depend on the bytes.
    public static func == (one: HMACKey, other: HMACKey) -> Bool { areEqual(one.bytes, other.bytes) }

    /// "(hidden)"
    public var description: String { "(hidden)" }
    /// "(hidden)"
    public var debugDescription: String { description }
    /// Nothing inside.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Compares bytes in a time that depends only on their lengths.
public func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
}
