public import HTTPClient
public import HTTPTypes

/// The ``Transport`` over HTTP.
public struct HTTPTransport: Transport {
    private let client: HTTPClient
    private let usesProxy: Bool

    /// Makes exchanges with `client`.
    ///
    /// - Parameter usesProxy: Whether exchanges go through the client's proxy, if it has one.
    public init(client: HTTPClient, usesProxy: Bool = true) {
        self.client = client
        self.usesProxy = usesProxy
    }

    /// Makes one exchange; see ``Transport``.
    ///
    /// A request that changes something at Krea gets a new connection. The server could close a kept one at the same moment, and then it
    /// would be unknown whether the request arrived.
    public func exchange(
        _ request: HTTPRequest, body: [UInt8], timeout: Duration
    ) async throws(TransportError) -> (HTTPResponse, [UInt8]) {
        var outgoing = ClientRequest(
            request.method.rawValue, "\(request.scheme ?? "https")://\(request.authority ?? "")\(request.path ?? "/")",
            fields: request.headerFields.map { ($0.name.rawName, $0.value) }, body: body.isEmpty ? nil : body,
            until: .now + timeout, bodyLimit: TransportError.answerLimit)
        outgoing.connection = request.method == .get ? .shared : .new
        outgoing.usesProxy = usesProxy
        let incoming: ClientResponse
        do throws(HTTPClientError) {
            incoming = try await client.perform(outgoing)
        } catch {
            switch error {
            case .notSent(let reason): throw .notSent(reason: reason)
            case .noAnswer(let reason): throw .noAnswer(reason: reason)
            case .tooLarge: throw .tooLarge
            }
        }
        var response = HTTPResponse(status: HTTPResponse.Status(code: incoming.status))
        for (name, value) in incoming.fields.all {
            if let name = HTTPField.Name(name) { response.headerFields.append(HTTPField(name: name, value: value)) }
        }
        return (response, incoming.body)
    }
}
