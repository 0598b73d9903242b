import Jobs
import TestSupport
import Testing

@Suite struct PictureFileTests {
    @Test(arguments: PictureType.allCases)
    func `the name of a file tells its hash and type, and is read back`(type: PictureType) throws {
        let hash = String(repeating: "0123456789abcdef", count: 4)
        let file = try #require(PictureFile(hash: hash, type: type))
        #expect(file.name == "01/\(hash.dropFirst(2)).\(type.rawValue)")
        #expect(PictureFile(name: file.name) == file)
    }

    private static let rest = String(repeating: "a", count: 62)

    @Test(arguments: [
        "", "aa", "aa/", "aa/\(rest)", "aa/\(rest).svg", "aa/\(rest).PNG", "aa/\(rest).png.png", "aa\(rest).png", "a/a\(rest).png",
        "aa/\(rest)a.png", "AA/\(rest).png", "aa/\(rest.dropLast())g.png", "../\(rest).png", "/aa/\(rest).png",
        "aa/../\(rest.dropLast(3)).png", "aa//\(rest).png",
    ])
    func `what has another shape is no name`(name: String) {
        #expect(PictureFile(name: name) == nil)
    }

    @Test(arguments: ["", "ab", String(repeating: "A", count: 64), String(repeating: "a", count: 63), String(repeating: "é", count: 32)])
    func `what is no hash names no file`(hash: String) {
        #expect(PictureFile(hash: hash, type: .png) == nil)
    }
}
