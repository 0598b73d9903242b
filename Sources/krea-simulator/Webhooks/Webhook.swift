import FoundationEssentials

/// A POST to the address from a submission.
struct Webhook: Sendable, Equatable {
    var url: URL
    var jobID: String
    /// The whole job, as a poll reads it at the end.
    var body: [UInt8]

    /// The address in `X-Webhook-URL` if it is on this machine; nil otherwise, because the simulator calls no other.
    static func address(_ text: String?) -> URL? {
        guard let url = text.flatMap(URL.init(string:)), url.scheme == "http" else { return nil }
        return ["127.0.0.1", "localhost", "::1", "[::1]"].contains(url.host() ?? "") ? url : nil
    }
}
