import FlyingFox
import FlyingSocks
import Foundation

/// Another web site on this machine, with one page.
final class OtherSite: Sendable {
    /// Where it is, as browsers write it: `http://127.0.0.1:PORT`.
    let origin: String
    private let server: HTTPServer
    private let serving: Task<Void, any Error>

    init() async throws {
        server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: 0), logger: .disabled)
        serving = Task { [server] in try await server.run() }
        try await server.waitUntilListening()
        guard case .ip4(_, let port)? = await server.listeningAddress else { throw SocketError.unsupportedAddress }
        origin = "http://127.0.0.1:\(port)"
    }

    deinit {
        serving.cancel()
    }

    /// Shows a page at `/`.
    func show(_ page: String) async {
        await server.appendRoute("GET /") { _ in
            HTTPResponse(statusCode: .ok, headers: [.contentType: "text/html; charset=utf-8"], body: Data("<!DOCTYPE html>\(page)".utf8))
        }
    }
}
