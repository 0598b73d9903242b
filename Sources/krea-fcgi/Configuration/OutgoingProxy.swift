import FoundationEssentials
import HTTPClient
import KreaAPI

/// The proxy for calls to Krea and fetches of pictures: the environment's `HTTPS_PROXY`, unless `NO_PROXY` names Krea's host. Both names may be in
/// lower case.
///
/// Webhook messages never use it: each goes to a checked address, and a proxy would resolve the name again.
///
/// It may contain a password: printing it prints only the host and the port.
struct OutgoingProxy: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The variable that names the proxy.
    let variable: String
    let host: String
    let port: Int
    private let user: String?
    private let password: String?

    private static let variables = ["https_proxy", "HTTPS_PROXY"]
    private static let exceptions = ["no_proxy", "NO_PROXY"]

    /// The proxy for calls to `server`; nil if there is none.
    ///
    /// - Throws: ``InvalidSetting`` if it is not an HTTP proxy. Calling Krea directly would bypass the operator's rule.
    init?(_ environment: [String: String], for server: KreaServer) throws(InvalidSetting) {
        func first(_ names: [String]) -> (name: String, text: String)? {
            names.lazy.compactMap { name in environment[name].flatMap { $0.isEmpty ? nil : (name, $0) } }.first
        }
        guard !server.isLoopback, let (name, text) = first(Self.variables) else { return nil }
        let exceptions = (first(Self.exceptions)?.text ?? "").split { $0 == "," || $0.isWhitespace }
        if exceptions.contains(where: { Self.names($0, server) }) { return nil }
        guard
            let parts = URLComponents(string: text.contains("://") ? text : "http://\(text)"), parts.scheme?.lowercased() == "http",
            let host = parts.host, !host.isEmpty, parts.port.map((1...65_535).contains) ?? true, ["", "/"].contains(parts.path),
            parts.query == nil, parts.fragment == nil
        else {
            throw InvalidSetting(
                description: "\(name) must be http://HOST:PORT, perhaps with USER:PASSWORD@ before the host (its value is not shown).")
        }
        variable = name
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? 80
        user = parts.user
        password = parts.password
    }

    /// Whether an entry of `NO_PROXY` matches a server: `*`, its host, or a parent domain, perhaps with its port.
    private static func names(_ entry: Substring, _ server: KreaServer) -> Bool {
        guard entry != "*" else { return true }
        let sides = entry.lowercased().split(separator: ":", omittingEmptySubsequences: false)
        if sides.count == 2, Int(sides[1]) != server.port ?? 443 { return false }
        let domain = sides[0].drop { $0 == "*" || $0 == "." }
        return !domain.isEmpty && (server.host == domain || server.host.hasSuffix(".\(domain)"))
    }

    /// The proxy for the HTTP client.
    var clientProxy: HTTPProxy { HTTPProxy(host: host, port: port, credentials: user.map { ($0, password ?? "") }) }

    /// The host and the port.
    var description: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }
    /// The host and the port.
    var debugDescription: String { description }
    /// Nothing inside.
    var customMirror: Mirror { Mirror(self, children: []) }
}
