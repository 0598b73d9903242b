import Foundation
import Jobs
import TestSupport

@testable import Pictures

/// The first bytes of pictures, as encoders write them.
enum Sample {
    static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + (0..<100)
    /// The SHA-256 of `png`, by another program.
    static let pngHash = "1550193689dd2d613f33ec2eeb0e0ba53ad8788e91c9ff873a50a10a6f0d83e9"
    static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + Array("JFIF".utf8) + (0..<100)
    static let webp = Array("RIFF".utf8) + [0x24, 0, 0, 0] + Array("WEBPVP8 ".utf8) + (0..<100)
    static let gif = Array("GIF89a".utf8) + (0..<100)
    static let avif = [0, 0, 0, 32] + Array("ftypavif".utf8) + [0, 0, 0, 0] + Array("avifmif1".utf8) + (0..<100)
    static let avifAmongOthers = [0, 0, 0, 32] + Array("ftypmif1".utf8) + [0, 0, 0, 0] + Array("mif1avif".utf8) + (0..<100)

    static let all: [(bytes: [UInt8], type: PictureType)] = [
        (png, .png), (jpeg, .jpeg), (webp, .webp), (gif, .gif), (Array("GIF87a".utf8) + (0..<30), .gif), (avif, .avif),
        (avifAmongOthers, .avif),
    ]
}

extension TemporaryFolder {
    /// The paths of all files below, sorted.
    var files: [String] {
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: file(name), isDirectory: &isFolder) && !isFolder.boolValue
        }.sorted()
    }
}
