extension String {
    /// The first code points, at most so many: the unit in which what comes from outside is bounded. One character can have any number.
    public func prefix(codePoints count: Int) -> String {
        // Most are short, and of one that is not only the beginning is looked at.
        utf8.count <= count ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(count)))
    }
}
