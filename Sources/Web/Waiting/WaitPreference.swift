import HTTPTypes
import Jobs

/// How long a client wants an answer to be held until there is something to tell: `Prefer: wait=N` (RFC 7240, section 4.3), or `?wait=N`.
struct WaitPreference: Equatable {
    /// In seconds. Web servers and clients give a request up after 60 if they are not told otherwise.
    static let bounds = 1...55

    let seconds: Int

    /// What the request asks for; the address counts first. Nil where it asks for nothing.
    ///
    /// - Throws: ``Refusal`` (400) for a wait that is no whole number or out of bounds. RFC 7240 lets a server ignore such a preference;
    ///   then the client would take the present state for the end of the wait.
    init?(_ request: HTTPRequest, query: String) throws(Refusal) {
        guard let value = try Self.inQuery(query) ?? Self.inFields(request) else { return nil }
        guard !value.isEmpty, value.utf8.count < 9, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int(value),
            Self.bounds.contains(seconds)
        else { throw Refusal(.badParameter(.wait(JSONValue.string(value).brief))) }
        self.seconds = seconds
    }

    /// The longest time that the answer may be held.
    var length: Duration { .seconds(seconds) }

    private static func inQuery(_ query: String) throws(Refusal) -> String? {
        guard !query.isEmpty else { return nil }
        let fields = FormFields(query: query)
        guard !fields.isUnreadable("wait") else { throw Refusal(.malformedAddress) }
        return fields["wait"]
    }

    /// The first counts (RFC 7240, section 2); other preferences, and parameters of this one, are ignored.
    private static func inFields(_ request: HTTPRequest) -> String? {
        guard let field = request.headerFields[.prefer] else { return nil }
        for entry in Accept.split(field[...], at: ",") {
            let preference = (Accept.split(entry, at: ";").first ?? "").split(separator: "=", maxSplits: 1).map(\.trimmingSpaces)
            guard preference.first?.lowercased() == "wait" else { continue }
            var value = preference.count > 1 ? preference[1][...] : ""
            if value.count > 1, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
            return String(value)
        }
        return nil
    }
}

extension Reply {
    /// Says that the answer depends on the client's wish to wait, and whether that was fulfilled (RFC 7240, sections 2 and 3).
    mutating func note(_ preference: WaitPreference, isApplied: Bool) {
        fields[.cacheControl] = "no-store"
        // nginx would go by this one.
        fields[.xAccelExpires] = nil
        if isApplied { fields[.preferenceApplied] = "wait=\(preference.seconds)" }
        vary(by: .prefer)
    }
}

extension HTTPField.Name {
    /// RFC 7240, section 2.
    static let prefer = HTTPField.Name("Prefer")!
    /// RFC 7240, section 3.
    static let preferenceApplied = HTTPField.Name("Preference-Applied")!
}
