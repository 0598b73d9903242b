import Jobs

extension Timestamp {
    /// Reads a time as Krea gives it, or might; nil for what cannot be read for certain.
    ///
    /// That is a date and a time to the second at least in ISO 8601, with a T or a space between them, with a zone or, without one, in UTC;
    /// the date of HTTP; or the seconds or milliseconds since 1970, as a number or a text.
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

    /// Reads seconds or milliseconds: no number that is believed can be both.
    private init?(sinceEpoch number: Double) {
        let seconds = Int64(exactly: (number * 1000).rounded(.down))
        let milliseconds = Int64(exactly: number.rounded(.down))
        guard let moment = Timestamp(believed: seconds) ?? Timestamp(believed: milliseconds) else { return nil }
        self = moment
    }
}
