import Foundation
import Jobs
import TestSupport

@testable import Pictures

/// Pictures of 16 by 16 pixels: PNG, JPEG and WebP as Chromium writes them, GIF as ImageMagick does, AVIF as avifenc does.
enum Sample {
    static let png = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAYAAAAf8/9hAAAARklEQVR4AdSRQQ0AIAwDmylDAhImZVKQgAScgYH1tQfdkvv0sfRSG35uBUPxBB9s
        D2QwU0EFVpXlggpzBTIaKbCqLP+/wgMAAP//NVNHpgAAAAZJREFUAwBJkzgR0gTmeQAAAABJRU5ErkJggg==
        """)
    /// The SHA-256 of `png`, by another program.
    static let pngHash = "34dc07174b13f6326034cc0331c8a18cf0e646e75a283093f9270f681de6f592"
    static let jpeg = decoded(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAA
        AChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZ
        WiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAA
        E9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/2wBDABALDA4M
        ChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2Nj
        Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAQABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAA
        AwAC/8QAJBAAAQMDAwQDAAAAAAAAAAAAEQMEEgABAhMUIQUjMUFCsdH/xAAVAQEBAAAAAAAAAAAAAAAAAAADBf/EAB8RAQABAgcBAAAAAAAAAAAA
        AAECAEEDEhMhImFxkf/aAAwDAQACEQMRAD8APp7He6nchAfEkn8oXaG2c5oylEcgejU3dLNpaOcZA8Wv91hZXNdS6imUs7+bgVRjHG1lXhY+de3o
        FhkAN6//2Q==
        """)
    static let webp = decoded(
        """
        UklGRlwCAABXRUJQVlA4WAoAAAAgAAAADwAADwAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAA
        AChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZ
        WiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAA
        E9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDggbgAAAJAC
        AJ0BKhAAEAACwEwlsAJ0PeZ0qD2LAZB+J5ecAP6cqfuk1+bE/Rsx9DkZ6TJ6FaaMsPzrAkS71Hld7h15P3BEE8f+f/jfEDnycDr+6aQgexcp/dfe
        +xkZyqa+QQrIa6jcfjgfRjC9YqfAAAAA
        """)
    static let gif = decoded(
        """
        R0lGODlhEAAQAPAAAPDAQEBgwCH5BAAAAAAALAAAAAAQABAAAAIWjI+py+1vgJxu0mZlzdv2C4XiSJZhAQA7
        """)
    static let avif = decoded(
        """
        AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUEAAADybWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAGxpYmF2aWYA
        AAAADnBpdG0AAAAAAAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABGgAAAEMAAAAoaWluZgAAAAAAAQAAABppbmZlAgAAAAABAABhdjAxQ29sb3IA
        AAAAamlwcnAAAABLaXBjbwAAABRpc3BlAAAAAAAAABAAAAAQAAAAEHBpeGkAAAAAAwgICAAAAAxhdjFDgSAAAAAAABNjb2xybmNseAABAA0ABoAA
        AAAXaXBtYQAAAAAAAAABAAEEAQKDBAAAAEttZGF0EgAKCDgM/9hAQ0GkMjUcgCmmmkQAv+I9/jeXitqUyQYrUcImdP6+DgNyzfY/ynGHvJtHB3zD
        bvIVwahJdCEIp2PrSQ==
        """)
    /// The same with a general brand before its own.
    static let avifAmongOthers = avif.prefix(8) + Array("mif1".utf8) + avif.dropFirst(12)

    static let all: [(bytes: [UInt8], type: PictureType)] = [
        (png, .png), (jpeg, .jpeg), (webp, .webp), (gif, .gif), (Array("GIF87a".utf8) + gif.dropFirst(6), .gif), (avif, .avif),
        (Array(avifAmongOthers), .avif),
    ]

    private static func decoded(_ text: String) -> [UInt8] { Array(Data(base64Encoded: text, options: .ignoreUnknownCharacters)!) }
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
