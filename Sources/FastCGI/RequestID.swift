import HTTPTypes

/// What names a request in answers and logs.
enum RequestID {
    static let field = HTTPField.Name("X-Request-ID")!

    /// The web server's name for it, if that is 1 to 64 visible ASCII characters.
    static func given(_ request: HTTPRequest) -> String? {
        guard let id = request.headerFields[field], (1...64).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return id
    }
}
