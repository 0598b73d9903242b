public import Jobs

/// What programs and the command line read: English.
extension JobFailure {
    /// A summary and a suggestion, in the words of the brief where the brief has them.
    public var message: String { English().failure(self) }
}

extension Warning {
    /// One sentence.
    public var sentence: String { English().warning(self) }
}

extension InvalidRequest.Problem {
    /// One sentence: the member, the value and what is allowed.
    public var sentence: String { English().fault(fault, of: member) }
}

extension Refusal {
    /// One sentence.
    var sentence: String { English().refusal(self) }
}

/// The brief's sentence for a missing token, word for word in every language, on pages, in JSON and in the log.
public let tokenMissingMessage = "Krea API token not configured — set KREA_API_TOKEN env."
