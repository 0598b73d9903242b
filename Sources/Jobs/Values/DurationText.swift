extension Duration {
    /// The duration for people, to the millisecond: `10 s`, `9.5 s`, `-0.001 s`.
    public var secondsText: String {
        let milliseconds = millisecondsRoundedUp
        let (whole, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
        var fraction = String(1000 + rest).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(milliseconds < 0 ? "-" : "")\(whole)\(fraction.isEmpty ? "" : ".\(fraction)") s"
    }
}
