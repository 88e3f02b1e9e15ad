"""The version of Sendwell: of the program, of the package for Teams and of the image."""

VERSION = "1.0.0"
