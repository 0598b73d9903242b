import FoundationEssentials
import HTTPClient
import KreaAPI

/// The proxy through which calls to Krea and fetches of pictures go, as the environment names it for all programs of a machine:
/// `HTTPS_PROXY`, unless `NO_PROXY` has Krea's host. Both may be written in lower case.
///
/// Messages to other programs never go through it: each goes to an address that was checked, which a proxy would look up anew.
///
/// It may hold a password: printing it prints the host and the port.
struct OutgoingProxy: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The variable that names it.
    let variable: String
    let host: String
    let port: Int
    private let user: String?
    private let password: String?

    private static let variables = ["https_proxy", "HTTPS_PROXY"]
    private static let exceptions = ["no_proxy", "NO_PROXY"]

    /// The proxy for calls to `server`; nil where there is none for it.
    ///
    /// - Throws: ``InvalidSetting`` for a proxy that is no HTTP proxy: a call that went around it would go where the operator has forbidden it.
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

    /// Whether an entry of `NO_PROXY` is about a server: `*`, its host, or a domain above it, perhaps with its port.
    private static func names(_ entry: Substring, _ server: KreaServer) -> Bool {
        guard entry != "*" else { return true }
        let sides = entry.lowercased().split(separator: ":", omittingEmptySubsequences: false)
        if sides.count == 2, Int(sides[1]) != server.port ?? 443 { return false }
        let domain = sides[0].drop { $0 == "*" || $0 == "." }
        return !domain.isEmpty && (server.host == domain || server.host.hasSuffix(".\(domain)"))
    }

    /// As the HTTP client wants it.
    var clientProxy: HTTPProxy { HTTPProxy(host: host, port: port, credentials: user.map { ($0, password ?? "") }) }

    /// The host and the port.
    var description: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }
    /// The host and the port.
    var debugDescription: String { description }
    /// Nothing inside.
    var customMirror: Mirror { Mirror(self, children: []) }
}
