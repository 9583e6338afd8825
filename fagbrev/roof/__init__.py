"""What ties everything together: home, navigation, errors, demo."""
