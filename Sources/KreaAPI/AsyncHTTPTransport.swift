public import AsyncHTTPClient
import Glibc
public import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The transport over async-http-client.
public struct AsyncHTTPTransport: Transport {
    private let client: HTTPClient

    /// Uses `client`, which its owner shuts down. It should be made with ``configuration``.
    public init(client: HTTPClient) {
        self.client = client
    }

    /// What keeps a call to Krea single and its end certain.
    ///
    /// No redirects and no second try at connecting: each could send a paid request again or hide that nothing was sent.
    /// HTTP/1.1, and idle connections are dropped long before a server would close them, so that a request is not written
    /// into a connection that is just being closed.
    public static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.idleTimeout = .seconds(2)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        return configuration
    }

    /// Makes one exchange; see ``Transport``.
    public func exchange(
        _ request: HTTPRequest, body: [UInt8], timeout: Duration
    ) async throws(TransportError) -> (HTTPResponse, [UInt8]) {
        do {
            return try await perform(request, body: body, timeout: timeout)
        } catch {
            throw Self.classify(error)
        }
    }

    private func perform(_ request: HTTPRequest, body: [UInt8], timeout: Duration) async throws -> (HTTPResponse, [UInt8]) {
        var outgoing = try HTTPClient.Request(
            url: "\(request.scheme ?? "https")://\(request.authority ?? "")\(request.path ?? "/")",
            method: HTTPMethod(rawValue: request.method.rawValue), body: body.isEmpty ? nil : .bytes(body))
        for field in request.headerFields { outgoing.headers.add(name: field.name.rawName, value: field.value) }

        // By futures: here the deadline is for the whole answer. That of the library's async calls ends with the head, and a body that
        // drips would never end.
        let accumulator = ResponseAccumulator(request: outgoing, maxBodySize: TransportError.answerLimit)
        let task = client.execute(request: outgoing, delegate: accumulator, deadline: .now() + TimeAmount(timeout))
        let incoming = try await withTaskCancellationHandler {
            try await task.get()
        } onCancel: {
            task.cancel()
        }
        var response = HTTPResponse(status: HTTPResponse.Status(code: Int(incoming.status.code)))
        for (name, value) in incoming.headers {
            if let name = HTTPField.Name(name) { response.headerFields.append(HTTPField(name: name, value: value)) }
        }
        return (response, incoming.body.map { Array($0.readableBytesView) } ?? [])
    }

    /// Only what can happen to nobody but a connection that is still being made counts as "not sent"; in doubt it was sent.
    private static func classify(_ error: any Error) -> TransportError {
        switch error {
        case is NIOConnectionError, NIOSSLError.handshakeFailed, is NIOSSLExtraError:
            .notSent(reason: String(describing: error))
        case let error as HTTPClientError where error == .connectTimeout || error == .tlsHandshakeTimeout:
            .notSent(reason: String(describing: error))
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            .notSent(reason: "connection refused")
        default:
            .noAnswer(reason: String(describing: error))
        }
    }
}
