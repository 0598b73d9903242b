/// A client's preferences, from the `Accept` header (RFC 9110, section 12.5.1).
struct Accept {
    /// One entry, such as `text/*;q=0.5`.
    private struct Range {
        let type: Substring
        let subtype: Substring
        /// In thousandths; 0 is "not acceptable".
        let weight: Int

        /// Nil for a malformed entry. Parameters other than the weight are ignored.
        init?(_ entry: Substring) {
            let parts = Accept.split(entry, at: ";").map(\.trimmingSpaces)
            let names = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false)
            guard names.count == 2, !names.contains(where: \.isEmpty), names[0] != "*" || names[1] == "*" else { return nil }
            var weight = 1000
            for parameter in parts.dropFirst() where parameter.hasPrefix("q=") {
                guard let given = Self.weight(parameter.dropFirst(2)) else { return nil }
                weight = given
            }
            (type, subtype, self.weight) = (names[0], names[1], weight)
        }

        /// RFC 9110, section 12.4.2: 0 to 1 with at most three decimals.
        private static func weight(_ text: Substring) -> Int? {
            let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            let digits = parts.count > 1 ? parts[1] : ""
            guard ["0", "1"].contains(parts[0]), digits.count <= 3, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let weight = Int("\(parts[0])\(digits)\(String(repeating: "0", count: 3 - digits.count))"), weight <= 1000
            else { return nil }
            return weight
        }

        /// How precisely it matches a media type, 1 to 3; nil if it does not.
        func precision(for mediaType: String) -> Int? {
            if type == "*" { return 1 }
            guard mediaType.hasPrefix("\(type)/") else { return nil }
            if subtype == "*" { return 2 }
            return mediaType == "\(type)/\(subtype)" ? 3 : nil
        }
    }

    private let ranges: [Range]

    init(_ field: String) {
        ranges = Self.split(field.lowercased()[...], at: ",").compactMap(Range.init)
    }

    /// The preferred one of `offers`; nil without a header, or if none is acceptable.
    ///
    /// With equal weights, the most precise match wins, so that `application/json, */*` means JSON; then the first.
    func choice<Offer>(of offers: [Offer], type: (Offer) -> String) -> Offer? {
        var best: (offer: Offer, weight: Int, precision: Int)?
        for offer in offers {
            let matches = ranges.compactMap { range in range.precision(for: type(offer)).map { (range: range, precision: $0) } }
            guard let match = matches.max(by: { $0.precision < $1.precision }), match.range.weight > 0 else { continue }
            if let best, (best.weight, best.precision) >= (match.range.weight, match.precision) { continue }
            best = (offer, match.range.weight, match.precision)
        }
        return best?.offer
    }

    /// Parts between separators that are not in quotes (RFC 9110, section 5.6.4).
    static func split(_ text: Substring, at separator: Character) -> [Substring] {
        var isQuoted = false
        var isEscaped = false
        return text.split { character in
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            }
            return !isQuoted && character == separator
        }
    }
}
