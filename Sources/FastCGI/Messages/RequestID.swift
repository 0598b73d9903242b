import HTTPTypes

/// What names a request in answers and logs.
enum RequestID {
    static let field = HTTPField.Name("X-Request-ID")!

    /// Whether the web server's name for a request can be used: 1 to 64 visible ASCII characters.
    static func isUsable(_ id: UnsafeRawBufferPointer) -> Bool {
        (1...64).contains(id.count) && id.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
