/// A written form of a time.
enum TimeForm: String, Sendable, CaseIterable {
    /// `2026-11-28T16:10:00.000Z`, Krea's form.
    case iso
    /// `2026-11-28 16:10:00`
    case plain
    /// `2026-11-28T17:10:00.000+01:00`
    case offset
    /// Seconds since 1970, with a fraction.
    case seconds
    /// Milliseconds since 1970, as a text.
    case milliseconds
    /// `Sat Nov 28`: a day without a time.
    case day
    /// No time at all.
    case missing

    func written(_ milliseconds: Int64) -> JSON? {
        switch self {
        case .iso: .string(ISOTime.text(milliseconds))
        case .plain: .string(String(ISOTime.text(milliseconds).prefix(19)).replacing("T", with: " "))
        case .offset: .string("\(ISOTime.text(milliseconds + 3_600_000).dropLast())+01:00")
        case .seconds: .number(Double(milliseconds) / 1000)
        case .milliseconds: .string(String(milliseconds))
        case .day: .string("Sat Nov 28")
        case .missing: nil
        }
    }
}
