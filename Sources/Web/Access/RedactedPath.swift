import Jobs

/// Shortens the secrets in addresses for logs and the status page.
public enum RedactedPath {
    /// The path of a request target. Job IDs and other parts that look unguessable are cut to 8 characters; the key in a webhook address and
    /// queries are left out.
    public static func of(_ requestTarget: String) -> String {
        let parts = requestTarget.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var segments = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false).map(shown)
        if let webhooks = segments.firstIndex(of: "webhooks"), webhooks + 2 < segments.count { segments[(webhooks + 2)...] = ["…"] }
        return segments.prefix(mostSegments).joined(separator: "/") + (segments.count > mostSegments ? "/…" : "")
            + (parts.count > 1 ? "?…" : "")
    }

    private static let mostSegments = 12

    private static func shown(_ segment: Substring) -> String {
        let isGuessable = segment.utf8.count < 16 || (segment.utf8.count < 32 && !segment.contains(where: \.isNumber))
        return isGuessable ? String(segment) : "\(segment.beginning(8))…"
    }
}
