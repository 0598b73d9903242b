extension Duration {
    /// Reads a Retry-After: seconds, or a date, which only means something beside the date of the answer itself (RFC 9110, section 10.2.3).
    ///
    /// At most ``PaceRules/longestRetryAfter``, whatever it says; nil for what is neither.
    ///
    /// - Parameter date: The Date of the answer, if it has one that can be read.
    public init?(retryAfter text: String, answeredAt date: Timestamp?) {
        let longest = PaceRules.longestRetryAfter
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // So many digits that they do not fit are more than an hour all the same.
            self = min(Int32(text).map { .seconds($0) } ?? longest, longest)
        } else if let date, let moment = Timestamp(httpDate: text) {
            self = min(max(.zero, moment - date), longest)
        } else if date != nil, Timestamp.isFarAway(httpDate: text) {
            self = longest
        } else {
            return nil
        }
    }
}
