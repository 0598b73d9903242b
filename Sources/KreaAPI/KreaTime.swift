import Jobs

extension Timestamp {
    /// Reads a time in any form that Krea might use; nil if its meaning is not certain.
    ///
    /// The forms are: ISO 8601 with at least seconds, a T or a space, and a zone or else UTC; an HTTP date; seconds or milliseconds since 1970,
    /// as a number or a text.
    init?(krea value: JSONValue?) {
        switch value {
        case .number(let number): self.init(sinceEpoch: number)
        case .string(let text):
            guard text.utf8.count <= 64 else { return nil }
            if let number = Double(text) {
                self.init(sinceEpoch: number)
            } else if let moment = Timestamp(isoText: text) ?? Timestamp(httpDate: text) {
                self = moment
            } else {
                return nil
            }
        case .null, .bool, .array, .object, nil: return nil
        }
    }

    /// Reads seconds or milliseconds. No credible number can be both.
    private init?(sinceEpoch number: Double) {
        let seconds = Int64(exactly: (number * 1000).rounded(.down))
        let milliseconds = Int64(exactly: number.rounded(.down))
        guard let moment = Timestamp(believed: seconds) ?? Timestamp(believed: milliseconds) else { return nil }
        self = moment
    }
}
