import FlyingFox
import FlyingSocks
import FoundationEssentials
import Glibc

extension Webhook {
    /// Makes the POST and waits for the answer. Does not retry, because Krea documents no retries.
    func send() async {
        guard let port = UInt16(exactly: url.port ?? 80) else { return }
        let target = HTTPRequest.Target(path: url.path().isEmpty ? "/" : url.path(), query: url.query() ?? "")
        let request = HTTPRequest(
            method: .POST, version: .http11, target: target,
            headers: [.host: "\(url.host() ?? ""):\(port)", .contentType: "application/json", .connection: "close"],
            body: HTTPBodySequence(data: Data(body))
        )
        var client = HTTPClient()
        if url.host()?.contains("::1") == true {
            guard let address = try? sockaddr_in6.inet6(ip6: "::1", port: port) else { return }
            _ = try? await client.sendHTTPRequest(request, to: address)
        } else {
            guard let address = try? sockaddr_in.inet(ip4: "127.0.0.1", port: port) else { return }
            _ = try? await client.sendHTTPRequest(request, to: address)
        }
    }
}
