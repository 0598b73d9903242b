import FoundationEssentials

/// One POST to the address that a submission gave.
struct Webhook: Sendable, Equatable {
    var url: URL
    var jobID: String
    /// The whole job, as a poll reads it at its end.
    var body: [UInt8]

    /// The address of `X-Webhook-URL` if it is on this machine; the simulator calls nobody else.
    static func address(_ text: String?) -> URL? {
        guard let url = text.flatMap(URL.init(string:)), url.scheme == "http" else { return nil }
        return ["127.0.0.1", "localhost", "::1", "[::1]"].contains(url.host() ?? "") ? url : nil
    }
}
