"""The actions of meetings and of progress reports, by what they are about."""
