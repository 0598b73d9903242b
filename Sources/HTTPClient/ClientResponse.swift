/// The header fields of an answer, in their order.
public struct ResponseFields: Sendable {
    /// The fields, with names as they came.
    public let all: [(name: String, value: String)]

    /// The values of all fields with this name, regardless of case.
    public subscript(every name: String) -> [String] {
        let name = name.lowercased()
        return all.filter { $0.name.lowercased() == name }.map(\.value)
    }

    /// The value of the first field with this name, regardless of case.
    public subscript(name: String) -> String? { self[every: name].first }
}

/// An answer with its whole body.
public struct ClientResponse: Sendable {
    /// The status, 200 to 999.
    public let status: Int
    /// The header fields.
    public let fields: ResponseFields
    /// The body, empty if there was none.
    public let body: [UInt8]
}

/// An answer whose body is still arriving. Releasing it ends the exchange.
public final class StreamedResponse: Sendable {
    /// The status, 200 to 999.
    public let status: Int
    /// The header fields.
    public let fields: ResponseFields
    private let transfer: Transfer
    private let client: HTTPClient

    init(status: Int, fields: ResponseFields, transfer: Transfer, client: HTTPClient) {
        self.status = status
        self.fields = fields
        self.transfer = transfer
        self.client = client
    }

    /// Whether reading from the connection is paused until ``next()`` is called.
    var isPaused: Bool { transfer.isPaused }

    deinit {
        client.abandon(transfer)
    }

    /// The next bytes of the body, at least one; nil after the last. Call it from one task at a time.
    ///
    /// - Throws: ``HTTPClientError`` if the body is incomplete. Nothing more comes then.
    public func next() async throws(HTTPClientError) -> [UInt8]? {
        let (part, wasPaused) = try await client.cancelling(transfer) { [transfer] in await transfer.part() }.get()
        if wasPaused { client.resume(transfer) }
        return part
    }
}
