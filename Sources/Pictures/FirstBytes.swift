import Jobs

extension PictureType {
    /// How many bytes suffice to recognise a picture.
    static let firstBytes = 32

    /// The type of a file by its first bytes; nil if it is no picture that is kept.
    ///
    /// Pass at least ``firstBytes`` bytes, or the whole file. (RFC 2083, section 12.11; ITU T.81, annex B; RFC 9649, section 2.4; GIF89a,
    /// section 17; ISO/IEC 23000-22, section 7, and ISO/IEC 14496-12, section 4.3.)
    init?(firstBytes bytes: [UInt8]) {
        func has(_ text: String, at offset: Int) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if has("RIFF", at: 0), has("WEBP", at: 8) {
            self = .webp
        } else if has("GIF87a", at: 0) || has("GIF89a", at: 0) {
            self = .gif
        } else if has("ftyp", at: 4), [8, 16, 20, 24, 28].contains(where: { has("avif", at: $0) || has("avis", at: $0) }) {
            // The main brand is often a general one, and AVIF is among the compatible brands.
            self = .avif
        } else {
            return nil
        }
    }
}
