import Jobs

/// How a field of a request is entered.
extension RequestField {
    /// Whether its values are pictures or their addresses.
    var holdsPictures: Bool {
        switch self {
        case .imageURLs, .styleImages, .imageStyleReferences, .characterReferenceImages: true
        default: false
        }
    }

    /// Whether it is entered in several lines.
    var isList: Bool { holdsPictures || self == .styles }

    /// Whether it is entered as a number.
    var isNumber: Bool {
        switch self {
        case .width, .height, .batchSize, .steps, .seed, .guidanceScale, .strength: true
        default: false
        }
    }
}

extension [FieldRule] {
    /// The bounds, if all rules have the same.
    var commonBounds: ClosedRange<Double>? {
        guard let first, let least = first.minimum, let most = first.maximum, least <= most,
            allSatisfy({ $0.minimum == least && $0.maximum == most })
        else { return nil }
        return least...most
    }
}
