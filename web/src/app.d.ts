declare global {
  namespace App {
    interface PageState {
      dialog?: true;
    }
  }
}

export {};
