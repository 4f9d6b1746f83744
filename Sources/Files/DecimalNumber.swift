extension Double {
    /// A number as tables and JSON have it, in digits, signs, a point and an exponent alone.
    ///
    /// `Double(text)` reads what C reads: it takes `0x32` for 50, knows `inf`, and stops at a NUL, so that `5`,
    /// NUL, `71` would be 5. Nil for what is none, or not finite.
    package init?(decimal text: some StringProtocol) {
        guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }),
            let value = Double(text), value.isFinite
        else { return nil }
        self = value
    }
}
