/// What a web server reaches the service through.
enum Transport: CaseIterable {
    case unix, tcp
}
